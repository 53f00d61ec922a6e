HDRSO000000000REPERTOIRE HUB                               01.102026020112000020260201
GRHACK0000102.000000000000  
ACK0000000000000000202601020304050000100000000REVREV TITLE                                                   GOOD1               W2ORWLF4LXZ7N3RP5   20260201AS
REV0000000000000001REV TITLE                                                   KKGOOD1         T930000001520251231REV COPYRIGHPOP000330YMTNCOSORIMOVADMADLREV CONTACT NAME              REV CONTACACY00220251231YREV OPUS NUMBER          REV CATALOGUE NUMBER     
SPU000000000000000201P1       SPU NAME                                      E          90000000109                 05000   05000   05000                                            
SPT0000000000000003P1             050000500005000I0398 
SWR0000000000000004W1       SWR NAME                                                                    CA                       05000   05000   05000                             
PWR0000000000000005P1       SPU NAME                                                                 
ACK0000000100000000202601020304050000100000001REV                                                            BAD2                                    20260201RJ
MSG0000000100000001T00000000REVF001TITLE OF REV MUST NOT BE BLANK; THE TRANSACTION IS REJECTED.                                                                                          
REV0000000100000002                                                            KKBAD2          T930000001520251231REV COPYRIGHPOP000330YMTNCOSORIMOVADMADLREV CONTACT NAME              REV CONTACACY00220251231YREV OPUS NUMBER          REV CATALOGUE NUMBER     
SPU000000010000000301P1       SPU NAME                                      E          90000000109                 05000   05000   05000                                            
SPT0000000100000004P1             050000500005000I0398 
SWR0000000100000005W1       SWR NAME                                                                    CA                       05000   05000   05000                             
PWR0000000100000006P1       SPU NAME                                                                 
GRT000010000000200000015   0000000000
TRL000010000000200000017
