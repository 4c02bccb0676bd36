{expert, ...}: expert {capabilities = "python";}
