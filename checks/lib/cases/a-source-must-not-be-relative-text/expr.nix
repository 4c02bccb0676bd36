{expert, ...}: expert {src = "./.";}
