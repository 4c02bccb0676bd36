{expert, ...}: expert {provides.greet = {};}
