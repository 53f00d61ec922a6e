HDRSO000000000REPERTOIRE HUB                               01.102026020112000020260201               2.2002REPERTOIRE HUB                X.Y.Z                         
GRHACK0000102.200000000000  
ACK0000000000000000202601020304050000100000000NWRNWR TITLE                                                   GOOD1               W2ORWLF4LXZ7N3RP5   20260201AS
NWR0000000000000001NWR TITLE                                                     GOOD1                    00000000            POP000000Y      ORI                                                       00000000                                                    
SPU000000000000000201P1       SPU NAME                                      E          90000000109                 05000   05000   05000                                               
SPT0000000000000003P1             050000500005000I0398 001
SWR0000000000000004W1       SWR NAME                                                                    CA                       05000   05000   05000                              
PWR0000000000000005P1       SPU NAME                                                                 W1       01
EWT0000000000000006EWT TITLE                                                                                                                                                                                                                                                                                                                                  K1            
NOW0000000000000007NOW NAME                                                                                                                                                        NOW FIRST NAME                                                                                                                                                  KK1
ACK0000000100000000202601020304050000100000001NWRNWR TITLE                                                   BAD2                WKVJHQ6FCNFKNMYAK   20260201AC
NWR0000000100000001NWR TITLE                                                     BAD2                     00000000            POP000000Y      ORI                                                       00000000                                                    
SPU000000010000000201P1       SPU NAME                                      E          90000000109                 05000   05000   05000                                               
SPT0000000100000003P1             050000500005000I0398 001
SWR0000000100000004W1       SWR NAME                                                                    CA                       05000   05000   05000                              
PWR0000000100000005P1       SPU NAME                                                                 W1       01
EWT0000000100000006EWT TITLE                                                                                                                                                                                                                                                                                                                                  K1            
MSG0000000100000007F00000006NOWF001NAME OF NOW MUST NOT BE BLANK.                                                                                                                        
MSG0000000100000008R00000006NOWR000RECORD NOW LACKS WHAT MAKES IT USABLE; IT IS KEPT AS SENT BUT NOT USED.                                                                               
NOW0000000100000009                                                                                                                                                                NOW FIRST NAME                                                                                                                                                  KK1
GRT000010000000200000020   0000000000
TRL000010000000200000022
