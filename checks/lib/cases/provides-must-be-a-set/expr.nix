{expert, ...}: expert {provides = ["greet"];}
