HDRSO000 REPERTOIRE HUB                                          2026020112000020260201               3.0000REPERTOIRE HUB                X.Y.Z                                                    
GRHACK0000103.000000000000  
ACK0000000000000000202601020304050000100000000WRKWRK TITLE                                                   GOOD1               W2ORWLF4LXZ7N3RP5                       20260201AS
WRK0000000000000001WRK TITLE                                                     GOOD1                    00000000            POP000000Y      ORI             00000000                                                    
SPU000000000000000201P1       SPU NAME                                      E          90000000109              
SPT0000000000000003001P1       050000500005000I0398                                                
SWR0000000000000004W1       SWR NAME                                                                    CA                            
PWR000000000000000501P1       W1                                         
ORN0000000000000006COMORN CD IDENTIFI0001ORN LIBRARY                                                 ORN UNVERIFIED 102                                          ORN UNVERIFIED 162                                          BORN PRODUCTIORN EPISODE TITLE                                           ORN EPISODE NUMBER  0001177 ORN AVI NUMBER ORN ISAN    ORN OORN ISANOORN EIDR            OORN UNVERIFIED 381                      
ACK0000000100000000202601020304050000100000001WRKWRK TITLE                                                   BAD2                WKVJHQ6FCNFKNMYAK                       20260201AC
WRK0000000100000001WRK TITLE                                                     BAD2                     00000000            POP000000Y      ORI             00000000                                                    
SPU000000010000000201P1       SPU NAME                                      E          90000000109              
SPT0000000100000003001P1       050000500005000I0398                                                
SWR0000000100000004W1       SWR NAME                                                                    CA                            
PWR000000010000000501P1       W1                                         
MSG0000000100000006F00000005ORNF000INTENDED_PURPOSE OF ORN MUST NOT BE BLANK.                                                                                                            
MSG0000000100000007R00000005ORNR000RECORD ORN LACKS WHAT MAKES IT USABLE; IT IS KEPT AS SENT BUT NOT USED.                                                                               
ORN0000000100000008   ORN CD IDENTIFI0001ORN LIBRARY                                                 ORN UNVERIFIED 102                                          ORN UNVERIFIED 162                                          BORN PRODUCTIORN EPISODE TITLE                                           ORN EPISODE NUMBER  0001177 ORN AVI NUMBER ORN ISAN    ORN OORN ISANOORN EIDR            OORN UNVERIFIED 381                      
GRT000010000000200000018   0000000000
TRL000010000000200000020
