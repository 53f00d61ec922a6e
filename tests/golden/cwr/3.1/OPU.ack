HDRSO000 REPERTOIRE HUB                                          2026020112000020260201               3.1000REPERTOIRE HUB                X.Y.Z                                                    
GRHACK0000103.100000000000  
ACK0000000000000000202601020304050000100000000WRKWRK TITLE                                                   GOOD1               W2ORWLF4LXZ7N3RP5                       20260201AS
WRK0000000000000001WRK TITLE                                                     GOOD1                    00000000            POP000000Y      ORI             00000000                                                    
OPU000000000000000201P1       SPU NAME                                      E 00000000190000000109I-000000229-7O
SWR0000000000000003W1       SWR NAME                                                                    CA                            
PWR000000000000000401P1       W1                                         
ACK0000000100000000202601020304050000100000001WRKWRK TITLE                                                   BAD2                                                        20260201RJ
WRK0000000100000001WRK TITLE                                                     BAD2                     00000000            POP000000Y      ORI             00000000                                                    
MSG0000000100000002T00000001OPUF000PUBLISHER_SEQUENCE OF OPU MUST NOT BE BLANK; THE TRANSACTION IS REJECTED.                                                                             
OPU0000000100000003  P1       SPU NAME                                      E 00000000190000000109I-000000229-7O
SWR0000000100000004W1       SWR NAME                                                                    CA                            
PWR000000010000000501P1       W1                                         
GRT000010000000200000013   0000000000
TRL000010000000200000015
