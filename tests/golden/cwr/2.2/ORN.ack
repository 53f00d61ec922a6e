HDRSO000000000REPERTOIRE HUB                               01.102026020112000020260201               2.2002REPERTOIRE HUB                X.Y.Z                         
GRHACK0000102.200000000000  
ACK0000000000000000202601020304050000100000000NWRNWR TITLE                                                   GOOD1               W2ORWLF4LXZ7N3RP5   20260201AS
NWR0000000000000001NWR TITLE                                                     GOOD1                    00000000            POP000000Y      ORI                                                       00000000                                                    
SPU000000000000000201P1       SPU NAME                                      E          90000000109                 05000   05000   05000                                               
SPT0000000000000003P1             050000500005000I0398 001
SWR0000000000000004W1       SWR NAME                                                                    CA                       05000   05000   05000                              
PWR0000000000000005P1       SPU NAME                                                                 W1       01
MSG0000000000000006F00000005ORNF0080001 IN PRODUCTION_YEAR OF ORN IS NO YEAR OF A PRODUCTION.                                                                                            
MSG0000000000000007F00000005ORNF014ORN ISAN IN ISAN OF ORN AND THE PARTS THAT FOLLOW IT ARE NO VALID IDENTIFIER OF A PRODUCTION: THE CHECK CHARACTER IS WRONG.                           
MSG0000000000000008F00000005ORNF014ORN ISAN IN ISAN OF ORN AND THE PARTS THAT FOLLOW IT ARE NO VALID IDENTIFIER OF A PRODUCTION: THE CHECK CHARACTER IS WRONG.                           
MSG0000000000000009F00000005ORNF015ORN EIDR IN EIDR OF ORN AND THE PARTS THAT FOLLOW IT ARE NO VALID IDENTIFIER OF A PRODUCTION: THE CHECK CHARACTER IS WRONG.                           
ORN0000000000000010COMORN PRODUCTION TITLE                                        ORN CD IDENTIFI0001ORN LIBRARY                                                 B                         ORN PRODUCTIORN EPISODE TITLE                                           ORN EPISODE NUMBER  0001177ORN AVI NUMBER ORN ISAN    ORN OORN ISANOORN EIDR            O
ACK0000000100000000202601020304050000100000001NWRNWR TITLE                                                   BAD2                WKVJHQ6FCNFKNMYAK   20260201AC
NWR0000000100000001NWR TITLE                                                     BAD2                     00000000            POP000000Y      ORI                                                       00000000                                                    
SPU000000010000000201P1       SPU NAME                                      E          90000000109                 05000   05000   05000                                               
SPT0000000100000003P1             050000500005000I0398 001
SWR0000000100000004W1       SWR NAME                                                                    CA                       05000   05000   05000                              
PWR0000000100000005P1       SPU NAME                                                                 W1       01
MSG0000000100000006F00000005ORNF001INTENDED_PURPOSE OF ORN MUST NOT BE BLANK.                                                                                                            
MSG0000000100000007F00000005ORNF0080001 IN PRODUCTION_YEAR OF ORN IS NO YEAR OF A PRODUCTION.                                                                                            
MSG0000000100000008F00000005ORNF014ORN ISAN IN ISAN OF ORN AND THE PARTS THAT FOLLOW IT ARE NO VALID IDENTIFIER OF A PRODUCTION: THE CHECK CHARACTER IS WRONG.                           
MSG0000000100000009F00000005ORNF014ORN ISAN IN ISAN OF ORN AND THE PARTS THAT FOLLOW IT ARE NO VALID IDENTIFIER OF A PRODUCTION: THE CHECK CHARACTER IS WRONG.                           
MSG0000000100000010F00000005ORNF015ORN EIDR IN EIDR OF ORN AND THE PARTS THAT FOLLOW IT ARE NO VALID IDENTIFIER OF A PRODUCTION: THE CHECK CHARACTER IS WRONG.                           
MSG0000000100000011R00000005ORNR000RECORD ORN LACKS WHAT MAKES IT USABLE; IT IS KEPT AS SENT BUT NOT USED.                                                                               
ORN0000000100000012   ORN PRODUCTION TITLE                                        ORN CD IDENTIFI0001ORN LIBRARY                                                 B                         ORN PRODUCTIORN EPISODE TITLE                                           ORN EPISODE NUMBER  0001177ORN AVI NUMBER ORN ISAN    ORN OORN ISANOORN EIDR            O
GRT000010000000200000026   0000000000
TRL000010000000200000028
