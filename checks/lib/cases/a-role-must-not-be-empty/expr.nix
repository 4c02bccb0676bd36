{expert, ...}: expert {role = "";}
