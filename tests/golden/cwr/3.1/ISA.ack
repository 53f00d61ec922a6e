HDRSO000 REPERTOIRE HUB                                          2026020112000020260201               3.1000REPERTOIRE HUB                X.Y.Z                                                    
GRHACK0000103.100000000000  
ACK0000000000000000202601020304050000100000000ISAISA TITLE                                                   GOOD1               WC76NNBBWHPZFTMF6                       20260201AS
ISA0000000000000001ISA TITLE                                                   KKGOOD1         T9300000015I
WRI0000000000000002W1                  WRI NAME                                                                     
ACK0000000100000000202601020304050000100000001ISA                                                            BAD2                                                        20260201RJ
MSG0000000100000001T00000000ISAF000TITLE OF ISA MUST NOT BE BLANK; THE TRANSACTION IS REJECTED.                                                                                          
ISA0000000100000002                                                            KKBAD2          T9300000015I
WRI0000000100000003W1                  WRI NAME                                                                     
GRT000010000000200000009   0000000000
TRL000010000000200000011
