HDRSO000000000REPERTOIRE HUB                               01.102026020112000020260201               
GRHACK0000102.100000000000  
ACK0000000000000000202601020304050000100000000AGR                                                            GOOD1               G4SDZRHBLPX4H7LEJ   20260201AS
AGR0000000000000001GOOD1                       OS202001012029123100000000D20190101D203112310000000000001S                
TER0000000000000002I0398
IPA0000000000000003AS                        P1       IPA NAME                                                                   177050001770500017705000
NPA0000000000000004P1       NPA NAME                                                                                                                                                        NPA FIRST NAME                                                                                                                                                  KK
IPA0000000000000005AC                        P2       IPA NAME                                                                   177050001770500017705000
ACK0000000100000000202601020304050000100000001AGR                                                            BAD2                                    20260201RJ
AGR0000000100000001BAD2                        OS202001012029123100000000D20190101D203112310000000000001S                
TER0000000100000002I0398
IPA0000000100000003AS                        P1       IPA NAME                                                                   177050001770500017705000
MSG0000000100000004F00000003NPAF001IP_NUMBER OF NPA MUST NOT BE BLANK.                                                                                                                   
MSG0000000100000005R00000003NPAR000RECORD NPA LACKS WHAT MAKES IT USABLE; IT IS KEPT AS SENT BUT NOT USED.                                                                               
NPA0000000100000006         NPA NAME                                                                                                                                                        NPA FIRST NAME                                                                                                                                                  KK
MSG0000000100000007T00000004IPAR001RECORD IPA MUST NOT FOLLOW ; THE TRANSACTION IS REJECTED.                                                                                             
IPA0000000100000008AC                        P2       IPA NAME                                                                   177050001770500017705000
GRT000010000000200000017   0000000000
TRL000010000000200000019
