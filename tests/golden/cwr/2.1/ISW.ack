HDRSO000000000REPERTOIRE HUB                               01.102026020112000020260201               
GRHACK0000102.100000000000  
ACK0000000000000000202601020304050000100000000ISWISW TITLE                                                   GOOD1               WJMXW2UYGKI37IIA2   20260201AS
ISW0000000000000001ISW TITLE                                                   KKGOOD1         T930000001520251231ISW COPYRIGHPOP000330YMTNCOSORIMOVADMADLISW CONTACT NAME              ISW CONTACACY00120251231YISW OPUS NUMBER          ISW CATALOGUE NUMBER     Y
SPU000000000000000201P1       SPU NAME                                      E                                      05000   05000   05000                                               
SWR0000000000000003W1       SWR NAME                                                                    CA                       05000   05000   05000                              
ACK0000000100000000202601020304050000100000001ISW                                                            BAD2                                    20260201RJ
MSG0000000100000001T00000000ISWF001TITLE OF ISW MUST NOT BE BLANK; THE TRANSACTION IS REJECTED.                                                                                          
ISW0000000100000002                                                            KKBAD2          T930000001520251231ISW COPYRIGHPOP000330YMTNCOSORIMOVADMADLISW CONTACT NAME              ISW CONTACACY00120251231YISW OPUS NUMBER          ISW CATALOGUE NUMBER     Y
SPU000000010000000301P1       SPU NAME                                      E                                      05000   05000   05000                                               
SWR0000000100000004W1       SWR NAME                                                                    CA                       05000   05000   05000                              
GRT000010000000200000011   0000000000
TRL000010000000200000013
