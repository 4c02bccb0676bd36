{expert, ...}: expert {src = true;}
