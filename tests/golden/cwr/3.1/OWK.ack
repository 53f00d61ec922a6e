HDRSO000 REPERTOIRE HUB                                          2026020112000020260201               3.1000REPERTOIRE HUB                X.Y.Z                                                    
GRHACK0000103.100000000000  
ACK0000000000000000202601020304050000100000000WRKWRK TITLE                                                   GOOD1               W2ORWLF4LXZ7N3RP5                       20260201AS
WRK0000000000000001WRK TITLE                                                     GOOD1                    00000000            POP000000Y      ORI             00000000                                                    
SPU000000000000000201P1       SPU NAME                                      E          90000000109              
SPT0000000000000003001P1       050000500005000I0398                                                
SWR0000000000000004W1       SWR NAME                                                                    CA                            
PWR000000000000000501P1       W1                                         
OWK0000000000000006OWK TITLE                                                   T9300000015K1            OWK UNVERIFIED 105                                OWK UNVEOWK WRITER 1 NAME                            OWK WRITER 1 FIRST NAME       90000000109I-000000229-7OWK WRITER 2 NAME                            OWK WRITER 2 FIRST NAME       90000000109I-000000229-7
ACK0000000100000000202601020304050000100000001WRKWRK TITLE                                                   BAD2                WKVJHQ6FCNFKNMYAK                       20260201AC
WRK0000000100000001WRK TITLE                                                     BAD2                     00000000            POP000000Y      ORI             00000000                                                    
SPU000000010000000201P1       SPU NAME                                      E          90000000109              
SPT0000000100000003001P1       050000500005000I0398                                                
SWR0000000100000004W1       SWR NAME                                                                    CA                            
PWR000000010000000501P1       W1                                         
MSG0000000100000006F00000005OWKF000TITLE OF OWK MUST NOT BE BLANK.                                                                                                                       
MSG0000000100000007R00000005OWKR000RECORD OWK LACKS WHAT MAKES IT USABLE; IT IS KEPT AS SENT BUT NOT USED.                                                                               
OWK0000000100000008                                                            T9300000015K1            OWK UNVERIFIED 105                                OWK UNVEOWK WRITER 1 NAME                            OWK WRITER 1 FIRST NAME       90000000109I-000000229-7OWK WRITER 2 NAME                            OWK WRITER 2 FIRST NAME       90000000109I-000000229-7
GRT000010000000200000018   0000000000
TRL000010000000200000020
