HDRSO000 REPERTOIRE HUB                                          2026020112000020260201               3.0000REPERTOIRE HUB                X.Y.Z                                                    
GRHACK0000103.000000000000  
ACK0000000000000000202601020304050000100000000WRKWRK TITLE                                                   GOOD1               W2ORWLF4LXZ7N3RP5                       20260201AS
MSG0000000000000001F00000000WRKR000A TRANSACTION WRK STANDS IN A GROUP OF ??? TRANSACTIONS.                                                                                              
WRK0000000000000002WRK TITLE                                                     GOOD1                    00000000            POP000000Y      ORI             00000000                                                    
SPU000000000000000301P1       SPU NAME                                      E          90000000109              
SPT0000000000000004001P1       050000500005000I0398                                                
SWR0000000000000005W1       SWR NAME                                                                    CA                            
PWR000000000000000601P1       W1                                         
ACK0000000100000000202601020304050000000000000HDR                                                                                                                        20260201RA
MSG0000000100000001F00000000GRHF000??? IN TRANSACTION_TYPE OF GRH IS NOT IN THE CODE LIST TRANSACTION_TYPE.                                                                              
GRT000010000000200000011   0000000000
TRL000010000000200000013
