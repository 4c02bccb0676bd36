{ expert, ... }:
let
  record = (expert { }).experts.hello-py;
in
removeAttrs record [
  "identity"
  "freshness"
  "knowledge"
]
// {
  knowledge = removeAttrs record.knowledge [ "path" ];
}
