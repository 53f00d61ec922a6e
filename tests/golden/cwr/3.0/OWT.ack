HDRSO000 REPERTOIRE HUB                                          2026020112000020260201               3.0000REPERTOIRE HUB                X.Y.Z                                                    
GRHACK0000103.000000000000  
ACK0000000000000000202601020304050000100000000WRKWRK TITLE                                                   GOOD1               W2ORWLF4LXZ7N3RP5                       20260201AS
WRK0000000000000001WRK TITLE                                                     GOOD1                    00000000            POP000000Y      ORI             00000000                                                    
SPU000000000000000201P1       SPU NAME                                      E          90000000109              
SPT0000000000000003001P1       050000500005000I0398                                                
OWR0000000000000004W1       OWR NAME                                                                                                           
OWT0000000000000005001W1       050000500005000I0398177 177 177 OWT UNVERIFIED 64               OWT 
ACK0000000100000000202601020304050000100000001WRKWRK TITLE                                                   BAD2                WKVJHQ6FCNFKNMYAK                       20260201AS
WRK0000000100000001WRK TITLE                                                     BAD2                     00000000            POP000000Y      ORI             00000000                                                    
SPU000000010000000201P1       SPU NAME                                      E          90000000109              
SPT0000000100000003001P1       050000500005000I0398                                                
OWR0000000100000004W1       OWR NAME                                                                                                           
MSG0000000100000005F00000004OWTF000TERRITORY_SEQUENCE OF OWT MUST NOT BE BLANK.                                                                                                          
OWT0000000100000006   W1       050000500005000I0398177 177 177 OWT UNVERIFIED 64               OWT 
GRT000010000000200000015   0000000000
TRL000010000000200000017
