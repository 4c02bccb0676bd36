{expert, ...}: expert {checks = [""];}
