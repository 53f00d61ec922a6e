HDRSO000000000REPERTOIRE HUB                               01.102026020112000020260201               2.2002REPERTOIRE HUB                X.Y.Z                         
GRHACK0000102.200000000000  
ACK0000000000000000202601020304050000100000000AGR                                                            GOOD1               G4SDZRHBLPX4H7LEJ   20260201AS
MSG0000000000000001F00000000AGRT005THE PR SHARES OF THE AGREEMENT'S PARTIES ADD UP TO 150.00; THEY SHOULD BE 100.                                                                        
MSG0000000000000002F00000000AGRT005THE MR SHARES OF THE AGREEMENT'S PARTIES ADD UP TO 150.00; THEY SHOULD BE 100.                                                                        
MSG0000000000000003F00000000AGRT005THE SR SHARES OF THE AGREEMENT'S PARTIES ADD UP TO 150.00; THEY SHOULD BE 100.                                                                        
AGR0000000000000004GOOD1                       OS202001012029123100000000D20190101D203112310000000000001S                
TER0000000000000005I0398
IPA0000000000000006AC90000000109I-000000229-7P1       IPA NAME                                     IPA FIRST NAME                177050001770500017705000
IPA0000000000000007AS                        P1       IPA NAME                                                                   177050001770500017705000
IPA0000000000000008AC                        P2       IPA NAME                                                                   177050001770500017705000
ACK0000000100000000202601020304050000100000001AGR                                                            BAD2                                    20260201RJ
AGR0000000100000001BAD2                        OS202001012029123100000000D20190101D203112310000000000001S                
TER0000000100000002I0398
MSG0000000100000003T00000002IPAF001AGREEMENT_ROLE OF IPA MUST NOT BE BLANK; THE TRANSACTION IS REJECTED.                                                                                 
IPA0000000100000004  90000000109I-000000229-7P1       IPA NAME                                     IPA FIRST NAME                177050001770500017705000
IPA0000000100000005AS                        P1       IPA NAME                                                                   177050001770500017705000
IPA0000000100000006AC                        P2       IPA NAME                                                                   177050001770500017705000
GRT000010000000200000018   0000000000
TRL000010000000200000020
