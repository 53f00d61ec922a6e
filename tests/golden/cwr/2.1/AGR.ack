HDRSO000000000REPERTOIRE HUB                               01.102026020112000020260201               
GRHACK0000102.100000000000  
ACK0000000000000000202601020304050000100000000AGR                                                            GOOD1               G4SDZRHBLPX4H7LEJ   20260201AS
AGR0000000000000001GOOD1         AGR ISAC      OS202001012029123120301231A20190101D203112312025123100001MYYAGR SOCIETY AG
TER0000000000000002I0398
IPA0000000000000003AS                        P1       IPA NAME                                                                      05000   05000   05000
IPA0000000000000004AC                        P2       IPA NAME                                                                      05000   05000   05000
ACK0000000100000000202601020304050000100000001AGR                                                                                                    20260201RJ
MSG0000000100000001T00000000AGRF001AGREEMENT_NUMBER OF AGR MUST NOT BE BLANK; THE TRANSACTION IS REJECTED.                                                                               
AGR0000000100000002              AGR ISAC      OS202001012029123120301231A20190101D203112312025123100001MYYAGR SOCIETY AG
TER0000000100000003I0398
IPA0000000100000004AS                        P1       IPA NAME                                                                      05000   05000   05000
IPA0000000100000005AC                        P2       IPA NAME                                                                      05000   05000   05000
GRT000010000000200000013   0000000000
TRL000010000000200000015
