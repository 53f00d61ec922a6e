HDRSO000000000REPERTOIRE HUB                               01.102026020112000020260201               2.2002REPERTOIRE HUB                X.Y.Z                         
GRHACK0000102.200000000000  
ACK0000000000000000202601020304050000100000000NWRNWR TITLE                                                   GOOD1               W2ORWLF4LXZ7N3RP5   20260201AS
MSG0000000000000001F00000000NWRT022A TRANSACTION NWR STANDS IN A GROUP OF ??? TRANSACTIONS.                                                                                              
NWR0000000000000002NWR TITLE                                                     GOOD1                    00000000            POP000000Y      ORI                                                       00000000                                                    
SPU000000000000000301P1       SPU NAME                                      E          90000000109                 05000   05000   05000                                               
SPT0000000000000004P1             050000500005000I0398 001
SWR0000000000000005W1       SWR NAME                                                                    CA                       05000   05000   05000                              
PWR0000000000000006P1       SPU NAME                                                                 W1       01
ACK0000000100000000202601020304050000000000000HDR                                                                                                    20260201RA
MSG0000000100000001F00000000GRHF001??? IN TRANSACTION_TYPE OF GRH IS NOT IN THE CODE LIST TRANSACTION_TYPE.                                                                              
GRT000010000000200000011   0000000000
TRL000010000000200000013
