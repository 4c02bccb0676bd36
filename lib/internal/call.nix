# What a declaration in a file of its own holds: `call inputs value`, where the value is a file, a function of what it needs, or
# what it gives. A function is given `inputs` and each of them by its name; only those that it names are looked at.
let
  call =
    inputs: value:
    if builtins.isPath value then
      call inputs (import value)
    else if builtins.isFunction value then
      let
        wanted = builtins.functionArgs value;
        give = name: if name == "inputs" then inputs else inputs.${name};
        there = name: !wanted.${name} || name == "inputs" || inputs ? ${name};
      in
      if wanted == { } then
        value (inputs // { inherit inputs; })
      else
        value (
          builtins.listToAttrs (
            map (name: {
              inherit name;
              value = give name;
            }) (builtins.filter there (builtins.attrNames wanted))
          )
        )
    else
      value;
in
call
