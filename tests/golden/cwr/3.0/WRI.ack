HDRSO000 REPERTOIRE HUB                                          2026020112000020260201               3.0000REPERTOIRE HUB                X.Y.Z                                                    
GRHACK0000103.000000000000  
ACK0000000000000000202601020304050000100000000ISRISR TITLE                                                   GOOD1               WQ7THXCMEYE6NO77D                       20260201AS
ISR0000000000000001ISR TITLE                                                     GOOD1                     
WRI0000000000000002W1       90000000109WRI NAME                                     WRI FIRST NAME                CA
ACK0000000100000000202601020304050000100000001ISRISR TITLE                                                   BAD2                WHPTVGJR7PQGMYQXS                       20260201AC
ISR0000000100000001ISR TITLE                                                     BAD2                      
MSG0000000100000002F00000001WRIF000NAME OF WRI MUST NOT BE BLANK.                                                                                                                        
MSG0000000100000003R00000001WRIR000RECORD WRI LACKS WHAT MAKES IT USABLE; IT IS KEPT AS SENT BUT NOT USED.                                                                               
WRI0000000100000004W1       90000000109                                             WRI FIRST NAME                CA
GRT000010000000200000010   0000000000
TRL000010000000200000012
