HDRSO000000000REPERTOIRE HUB                               01.102026020112000020260201               
GRHACK0000102.100000000000  
ACK0000000000000000202601020304050000100000000NWRNWR TITLE                                                   GOOD1               W2ORWLF4LXZ7N3RP5   20260201AS
NWR0000000000000001NWR TITLE                                                     GOOD1                    00000000            POP000000Y      ORI                                                       00000000                                                    
SPU000000000000000201P1       SPU NAME                                      E          90000000109                 05000   05000   05000                                               
SPT0000000000000003P1             050000500005000I0398 001
SWR0000000000000004W1       SWR NAME                                                                    CA                       05000   05000   05000                              
PWR0000000000000005P1       SPU NAME                                                                 W1       
NPR0000000000000006NPR NAME                                                                                                                                                        NPR FIRST NAME                                                                                                                                                  90000000109I-000000229-7KKKKNPR
ACK0000000100000000202601020304050000100000001NWRNWR TITLE                                                   BAD2                WKVJHQ6FCNFKNMYAK   20260201AS
NWR0000000100000001NWR TITLE                                                     BAD2                     00000000            POP000000Y      ORI                                                       00000000                                                    
SPU000000010000000201P1       SPU NAME                                      E          90000000109                 05000   05000   05000                                               
SPT0000000100000003P1             050000500005000I0398 001
SWR0000000100000004W1       SWR NAME                                                                    CA                       05000   05000   05000                              
PWR0000000100000005P1       SPU NAME                                                                 W1       
MSG0000000100000006F00000005NPRF002??????????? IS NOT A VALID IPI NAME NUMBER (AN IPI NAME NUMBER HAS DIGITS ONLY, NOT ALL OF THEM ZERO).                                                
NPR0000000100000007NPR NAME                                                                                                                                                        NPR FIRST NAME                                                                                                                                                  ???????????I-000000229-7KKKKNPR
GRT000010000000200000017   0000000000
TRL000010000000200000019
