{expert, ...}: expert {knowledge = ["src"];}
