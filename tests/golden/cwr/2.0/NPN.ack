HDRSO000000000REPERTOIRE HUB                               01.102026020112000020260201
GRHACK0000102.000000000000  
ACK0000000000000000202601020304050000100000000NWRNWR TITLE                                                   GOOD1               W2ORWLF4LXZ7N3RP5   20260201AS
NWR0000000000000001NWR TITLE                                                     GOOD1                    00000000            POP000000Y      ORI                                                       00000000                                                   
SPU000000000000000201P1       SPU NAME                                      E          90000000109                 05000   05000   05000                                            
NPN000000000000000301P1       NPN NAME                                                                                                                                                                                                                                                                                                                                                                                                                                                                                        KK
SPT0000000000000004P1             050000500005000I0398 
SWR0000000000000005W1       SWR NAME                                                                    CA                       05000   05000   05000                             
PWR0000000000000006P1       SPU NAME                                                                 
ACK0000000100000000202601020304050000100000001NWRNWR TITLE                                                   BAD2                                    20260201RJ
NWR0000000100000001NWR TITLE                                                     BAD2                     00000000            POP000000Y      ORI                                                       00000000                                                   
SPU000000010000000201P1       SPU NAME                                      E          90000000109                 05000   05000   05000                                            
MSG0000000100000003F00000002NPNF001PUBLISHER_SEQUENCE OF NPN MUST NOT BE BLANK.                                                                                                          
MSG0000000100000004R00000002NPNR000RECORD NPN LACKS WHAT MAKES IT USABLE; IT IS KEPT AS SENT BUT NOT USED.                                                                               
NPN0000000100000005  P1       NPN NAME                                                                                                                                                                                                                                                                                                                                                                                                                                                                                        KK
MSG0000000100000006T00000003SPTF001RECORD SPT MUST NOT FOLLOW ; THE TRANSACTION IS REJECTED.                                                                                             
SPT0000000100000007P1             050000500005000I0398 
SWR0000000100000008W1       SWR NAME                                                                    CA                       05000   05000   05000                             
PWR0000000100000009P1       SPU NAME                                                                 
GRT000010000000200000019   0000000000
TRL000010000000200000021
