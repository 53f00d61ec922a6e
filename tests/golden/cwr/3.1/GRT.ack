HDRSO000 REPERTOIRE HUB                                          2026020112000020260201               3.1000REPERTOIRE HUB                X.Y.Z                                                    
GRHACK0000103.100000000000  
ACK0000000000000000202601020304050000100000000WRKWRK TITLE                                                   GOOD1               W2ORWLF4LXZ7N3RP5                       20260201DU
WRK0000000000000001WRK TITLE                                                     GOOD1                    00000000            POP000000Y      ORI             00000000                                                    
SPU000000000000000201P1       SPU NAME                                      E          90000000109              
SPT0000000000000003001P1       050000500005000I0398                                                
SWR0000000000000004W1       SWR NAME                                                                    CA                            
PWR000000000000000501P1       W1                                         
ACK0000000100000000202601020304050000000000000TRL                                                                                                                        20260201RA
MSG0000000100000001F00000000GRTF000GRT STATES 99999999 AS RECORD_COUNT; THE FILE HAS 7.                                                                                                  
GRT000010000000200000010   0000000000
TRL000010000000200000012
