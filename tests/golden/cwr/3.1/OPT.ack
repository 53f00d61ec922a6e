HDRSO000 REPERTOIRE HUB                                          2026020112000020260201               3.1000REPERTOIRE HUB                X.Y.Z                                                    
GRHACK0000103.100000000000  
ACK0000000000000000202601020304050000100000000WRKWRK TITLE                                                   GOOD1               W2ORWLF4LXZ7N3RP5                       20260201AS
WRK0000000000000001WRK TITLE                                                     GOOD1                    00000000            POP000000Y      ORI             00000000                                                    
OPU000000000000000201P1       SPU NAME                                      E                                   
OPT0000000000000003001P1       050000500005000I0398177 177 177 OPT UNVERIFIED 64               OPT 
SWR0000000000000004W1       SWR NAME                                                                    CA                            
PWR000000000000000501P1       W1                                         
ACK0000000100000000202601020304050000100000001WRKWRK TITLE                                                   BAD2                WKVJHQ6FCNFKNMYAK                       20260201AS
WRK0000000100000001WRK TITLE                                                     BAD2                     00000000            POP000000Y      ORI             00000000                                                    
OPU000000010000000201P1       SPU NAME                                      E                                   
MSG0000000100000003F00000002OPTF000TERRITORY_SEQUENCE OF OPT MUST NOT BE BLANK.                                                                                                          
OPT0000000100000004   P1       050000500005000I0398177 177 177 OPT UNVERIFIED 64               OPT 
SWR0000000100000005W1       SWR NAME                                                                    CA                            
PWR000000010000000601P1       W1                                         
GRT000010000000200000015   0000000000
TRL000010000000200000017
