HDRSO000000000REPERTOIRE HUB                               01.102026020112000020260201               
GRHACK0000102.100000000000  
ACK0000000000000000202601020304050000100000000NWRNWR TITLE                                                   GOOD1               W2ORWLF4LXZ7N3RP5   20260201AS
NWR0000000000000001NWR TITLE                                                     GOOD1                    00000000            POP000000Y      ORI                                                       00000000                                                    
SPU000000000000000201P1       SPU NAME                                      E          90000000109                 05000   05000   05000                                               
SPT0000000000000003P1             050000500005000I0398 001
SWR0000000000000004W1       SWR NAME                                                                    CA                       05000   05000   05000                              
NWN0000000000000005W1       NWN NAME                                                                                                                                                        NWN FIRST NAME                                                                                                                                                  KK
PWR0000000000000006P1       SPU NAME                                                                 W1       
ACK0000000100000000202601020304050000100000001NWRNWR TITLE                                                   BAD2                                    20260201RJ
NWR0000000100000001NWR TITLE                                                     BAD2                     00000000            POP000000Y      ORI                                                       00000000                                                    
SPU000000010000000201P1       SPU NAME                                      E          90000000109                 05000   05000   05000                                               
SPT0000000100000003P1             050000500005000I0398 001
MSG0000000100000004T00000003SWRR002NO PWR RECORD SAYS WHICH PUBLISHER THE CONTROLLED WRITER SWR NAME HAS; THE TRANSACTION IS REJECTED.                                                   
SWR0000000100000005W1       SWR NAME                                                                    CA                       05000   05000   05000                              
MSG0000000100000006F00000004NWNF002NAME OF NWN MUST NOT BE BLANK.                                                                                                                        
MSG0000000100000007R00000004NWNR000RECORD NWN LACKS WHAT MAKES IT USABLE; IT IS KEPT AS SENT BUT NOT USED.                                                                               
NWN0000000100000008W1                                                                                                                                                                       NWN FIRST NAME                                                                                                                                                  KK
MSG0000000100000009R00000005PWRR001RECORD PWR MUST NOT FOLLOW ; IT IS KEPT AS SENT BUT NOT USED.                                                                                         
PWR0000000100000010P1       SPU NAME                                                                 W1       
GRT000010000000200000020   0000000000
TRL000010000000200000022
