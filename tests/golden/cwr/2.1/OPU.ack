HDRSO000000000REPERTOIRE HUB                               01.102026020112000020260201               
GRHACK0000102.100000000000  
ACK0000000000000000202601020304050000100000000NWRNWR TITLE                                                   GOOD1               W2ORWLF4LXZ7N3RP5   20260201AS
NWR0000000000000001NWR TITLE                                                     GOOD1                    00000000            POP000000Y      ORI                                                       00000000                                                    
OPU000000000000000201P1       SPU NAME                                      E 00000000190000000109A1            177050001770500017705000LY I-000000229-7OPU ISAC      OPU SOCIETY AGOSA
SWR0000000000000003W1       SWR NAME                                                                    CA                       05000   05000   05000                              
PWR0000000000000004P1       SPU NAME                                                                 W1       
ACK0000000100000000202601020304050000100000001NWRNWR TITLE                                                   BAD2                                    20260201RJ
NWR0000000100000001NWR TITLE                                                     BAD2                     00000000            POP000000Y      ORI                                                       00000000                                                    
MSG0000000100000002T00000001OPUF001PUBLISHER_SEQUENCE OF OPU MUST NOT BE BLANK; THE TRANSACTION IS REJECTED.                                                                             
OPU0000000100000003  P1       SPU NAME                                      E 00000000190000000109A1            177050001770500017705000LY I-000000229-7OPU ISAC      OPU SOCIETY AGOSA
SWR0000000100000004W1       SWR NAME                                                                    CA                       05000   05000   05000                              
PWR0000000100000005P1       SPU NAME                                                                 W1       
GRT000010000000200000013   0000000000
TRL000010000000200000015
