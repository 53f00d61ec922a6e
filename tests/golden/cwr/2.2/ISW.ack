HDRSO000000000REPERTOIRE HUB                               01.102026020112000020260201               2.2002REPERTOIRE HUB                X.Y.Z                         
GRHACK0000102.200000000000  
ACK0000000000000000202601020304050000100000000ISWISW TITLE                                                   GOOD1               WJMXW2UYGKI37IIA2   20260201AS
ISW0000000000000001ISW TITLE                                                   KKGOOD1         T930000001520251231ISW COPYRIGHPOP000330YMTNCOSORIMOVADMADLISW CONTACT NAME              ISW CONTACACY00220251231YISW OPUS NUMBER          ISW CATALOGUE NUMBER     Y
SPU000000000000000201P1       SPU NAME                                      E          90000000109                 05000   05000   05000                                               
SPT0000000000000003P1             050000500005000I0398 001
SWR0000000000000004W1       SWR NAME                                                                    CA                       05000   05000   05000                              
PWR0000000000000005P1       SPU NAME                                                                 W1       01
ACK0000000100000000202601020304050000100000001ISW                                                            BAD2                                    20260201RJ
MSG0000000100000001T00000000ISWF001TITLE OF ISW MUST NOT BE BLANK; THE TRANSACTION IS REJECTED.                                                                                          
ISW0000000100000002                                                            KKBAD2          T930000001520251231ISW COPYRIGHPOP000330YMTNCOSORIMOVADMADLISW CONTACT NAME              ISW CONTACACY00220251231YISW OPUS NUMBER          ISW CATALOGUE NUMBER     Y
SPU000000010000000301P1       SPU NAME                                      E          90000000109                 05000   05000   05000                                               
SPT0000000100000004P1             050000500005000I0398 001
SWR0000000100000005W1       SWR NAME                                                                    CA                       05000   05000   05000                              
PWR0000000100000006P1       SPU NAME                                                                 W1       01
GRT000010000000200000015   0000000000
TRL000010000000200000017
