HDRSO000 REPERTOIRE HUB                                          2026020112000020260201               3.1000REPERTOIRE HUB                X.Y.Z                                                    
GRHACK0000103.100000000000  
ACK0000000000000000202601020304050000100000000WRKWRK TITLE                                                   GOOD1               W2ORWLF4LXZ7N3RP5                       20260201AS
WRK0000000000000001WRK TITLE                                                     GOOD1                    00000000            POP000000Y      ORI             00000000                                                    
SPU000000000000000201P1       SPU NAME                                      E          90000000109              
SPT0000000000000003001P1       050000500005000I0398                                                
OWR0000000000000004W1       OWR NAME                                     OWR FIRST NAME                 CA00000000190000000109I-000000229-7YYYO
ACK0000000100000000202601020304050000100000001WRKWRK TITLE                                                   BAD2                WKVJHQ6FCNFKNMYAK                       20260201AS
WRK0000000100000001WRK TITLE                                                     BAD2                     00000000            POP000000Y      ORI             00000000                                                    
SPU000000010000000201P1       SPU NAME                                      E          90000000109              
SPT0000000100000003001P1       050000500005000I0398                                                
MSG0000000100000004F00000003OWRF000? IN UNKNOWN_INDICATOR OF OWR IS NOT AN ALLOWED FLAG.                                                                                                 
OWR0000000100000005W1       OWR NAME                                     OWR FIRST NAME                ?CA00000000190000000109I-000000229-7YYYO
GRT000010000000200000013   0000000000
TRL000010000000200000015
