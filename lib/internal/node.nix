# One expert as the graph sees it: everything that follows from its own declaration and its own files, and its neighbours'
# nodes, none of which is looked at before it is needed.
{
  extraFields ? [ ],
  # The experts of its flake; see family.nix.
  family,
}:
args:
let
  patterns = import ./patterns.nix;
  didYouMean = import ./didYouMean.nix;
  declaration = import ./declaration.nix { inherit extraFields family; } args;
  inherit (declaration)
    label
    name
    src
    role
    prompt
    agent
    council
    quota
    panel
    work
    capabilities
    checks
    exports
    neighbors
    refusals
    ;
  inherit (refusals) refuse;

  knowledge = import ./knowledge.nix {
    inherit name src;
    inherit (family) folders declaredIn;
    inherit (declaration.knowledge) include;
    # What poag writes is never what it knows: it would have to know what it is about to write.
    exclude = declaration.knowledge.exclude ++ builtins.attrNames exports;
    follows =
      path: promisedBy path != [ ] || builtins.any (named: patterns.below path named) plainIncludes;
    refuseLink = path: what: refuse (linkField path) what linkFix;
    linkContext =
      path:
      "poag: ${refusals.who}, field '${linkField path}': '${path}' is a symbolic link that leads out of the source that it lies in, or to itself\nfix: ${linkFix}";
  };

  plainIncludes = builtins.filter (
    pattern: builtins.match ".*[*?].*" pattern == null
  ) declaration.knowledge.include;

  # The contracts that promise what is at a path, above it or below it.
  promisedBy =
    path:
    builtins.filter (
      contract:
      builtins.any (
        file: patterns.below file path || patterns.below path file
      ) declaration.provides.${contract}.files
    ) (builtins.attrNames declaration.provides);

  linkField =
    path:
    let
      contracts = promisedBy path;
    in
    if contracts == [ ] then "knowledge.include" else "provides.${builtins.head contracts}.files";
  linkFix = "let the link lead to a file or folder of the same source, or name what it leads to";
  fileNames = builtins.attrNames knowledge.files;

  # The nearest existing path for one that is not there: the same name elsewhere, else a close one.
  near =
    file:
    let
      sameName = builtins.filter (path: baseNameOf path == baseNameOf file) fileNames;
    in
    if sameName != [ ] then
      "; did you mean '${builtins.head sameName}'?"
    else
      didYouMean (builtins.attrNames knowledge.entries) file;

  # The nested flake or the folder of another expert that holds a path, or null.
  nested =
    let
      search =
        folder: rest:
        if rest == [ ] then
          null
        else
          let
            here = if folder == "" then builtins.head rest else "${folder}/${builtins.head rest}";
            place = src + "/${here}";
          in
          if family.folders ? ${toString place} then
            {
              owner = "the expert '${family.folders.${toString place}}'";
              fix = "let that expert provide it";
            }
          else if knowledge.isBorder here place then
            {
              owner = "another flake, in the folder '${here}'";
              fix = "let the expert of '${here}' provide it";
            }
          else
            search here (builtins.tail rest);
    in
    path: search "" (patterns.components path);

  # The files of a contract, folders resolved; an error where one is not the expert's to promise.
  contractFiles =
    contract: file:
    let
      field = "provides.${contract}.files";
      other = nested file;
    in
    if file == "." || knowledge.entries ? ${file} then
      builtins.filter (patterns.below file) fileNames
    else if !builtins.pathExists (src + "/${file}") then
      refuse field "there is no file '${file}'${near file}"
        "name an existing file or folder, or `git add` it: a flake sees only what git tracks"
    else if exports ? ${file} then
      refuse field "'${file}' is written by `poag export`" "promise what it is made of"
    else if other != null then
      refuse field "'${file}' belongs to ${other.owner}" other.fix
    else
      refuse field "'${file}' is not part of the expert's knowledge"
        "add it to `knowledge.include`, or take it out of `knowledge.exclude`";

  sha256 = value: builtins.hashString "sha256" (builtins.toJSON value);

  provides = builtins.mapAttrs (
    contract: promise:
    let
      files = builtins.concatMap (contractFiles contract) promise.files;
    in
    promise
    // {
      hash = sha256 {
        inherit (promise) summary;
        files = builtins.listToAttrs (
          map (file: {
            name = file;
            value = knowledge.digests.${file};
          }) files
        );
      };
    }
  ) declaration.provides;

  # `poag.lock` records these one by one, so that people who changed different fields can merge.
  hashes = {
    role = sha256 role;
    prompt = if prompt == null then "default" else sha256 prompt;
    knowledge = sha256 declaration.knowledge;
    checks = sha256 checks;
    capabilities = sha256 capabilities;
  }
  // builtins.listToAttrs (
    map (contract: {
      name = "provides.${contract}";
      value = sha256 declaration.provides.${contract};
    }) (builtins.attrNames provides)
    ++ builtins.concatMap (
      neighbor:
      let
        inherit (neighbors.${neighbor}) needs;
      in
      if needs == { } then
        [
          {
            name = "needs.${neighbor}";
            value = sha256 needs;
          }
        ]
      else
        map (contract: {
          name = "needs.${neighbor}.${contract}";
          value = sha256 needs.${contract};
        }) (builtins.attrNames needs)
    ) (builtins.attrNames neighbors)
  );

  # Of the experts of one flake each has a folder below that of the flake's own.
  hasOwnFolder =
    let
      home = toString family.home;
      place = toString src;
      owner = family.folders.${place};
    in
    family.names == [ ]
    || family.isRoot
    ||
      refusals.require (patterns.below home place && place != home) "src"
        "'${baseNameOf place}' does not lie below the folder of the flake's own expert"
        "name a folder below its `src`, or declare the expert in a flake of its own"
      &&
        refusals.require (owner == name) "src" "the expert '${owner}' has this folder, too"
          "let one of the two own it, or give each a folder of its own"
      &&
        refusals.require (flakeAbove == null) "src"
          "'${baseNameOf place}' lies in another flake, in the folder '${flakeAbove}'"
          "declare it in the flake of '${flakeAbove}', under `experts`";

  # The folder of a flake with experts of its own that lies between the flake's own folder and this one, or null.
  flakeAbove =
    let
      home = toString family.home;
      parts = patterns.components (
        builtins.substring (builtins.stringLength home + 1) (-1) (toString src)
      );
      folders = builtins.genList (
        n: builtins.concatStringsSep "/" (builtins.genList (builtins.elemAt parts) (n + 1))
      ) (builtins.length parts - 1);
      found = builtins.filter (
        folder:
        knowledge.isBorder folder (family.home + "/${folder}") && hasExperts (family.home + "/${folder}")
      ) folders;
    in
    if found == [ ] then null else builtins.head found;
  hasExperts =
    folder:
    builtins.pathExists (folder + "/poag.nix")
    || (import ./border.nix).speaks (builtins.readFile (folder + "/flake.nix"));

  ownsSomething =
    refusals.require (knowledge.files != { }) "knowledge" "no file is left to know"
      "widen `knowledge.include`, narrow `knowledge.exclude`, or `git add` the files: a flake sees only what git tracks";
in
{
  inherit
    label
    name
    src
    role
    prompt
    agent
    council
    quota
    panel
    work
    capabilities
    checks
    exports
    knowledge
    provides
    neighbors
    refusals
    ;
  # The folder of the flake through which it is learned, where that is known.
  home =
    let
      declared = import ./declaredIn.nix args src;
    in
    if declared != null then
      declared
    else if family.isRoot then
      null
    else
      family.home;
  settings = declaration.knowledge;
  declaration = hashes;

  # Equal exactly for the same declaration over the same files, wherever they live.
  identity = sha256 (
    {
      declaration = hashes;
      knowledge = builtins.unsafeDiscardStringContext knowledge.path;
    }
    // (if knowledge.linked == null then { } else { linked = knowledge.linked.files; })
  );

  # Cheaper than `identity`, and enough to see that two instances are one: the same declaration of the same folder.
  key = builtins.toJSON [
    name
    (toString src)
    hashes
    agent
    council
    quota
    panel
  ];

  # Forces every check of this expert and of its edges; true, or the first error.
  valid = refusals.all [
    declaration.valid
    hasOwnFolder
    ownsSomething
    (builtins.deepSeq (builtins.mapAttrs (
      contract: promise: map (file: builtins.length (contractFiles contract file)) promise.files
    ) declaration.provides) true)
    (builtins.deepSeq (map (neighbor: neighbor.contracts) (builtins.attrValues neighbors)) true)
  ];
}
