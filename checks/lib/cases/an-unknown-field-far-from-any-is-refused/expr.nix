{expert, ...}: expert {colour = "red";}
