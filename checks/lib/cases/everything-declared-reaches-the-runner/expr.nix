{
  expert,
  hello-rs,
  ...
}:
let
  declared = expert {
    prompt = "You are {{ expert.name }}.";
    knowledge = {
      include = [ "./src/" ];
      exclude = [ "docs" ];
      maxTokens = 1000;
    };
    provides.greet = {
      summary = "greet(name) -> str";
      files = [ "src/hello_py/" ];
    };
    neighbors.hello-rs = {
      expert = hello-rs;
      needs.hello = "the text";
    };
    agent = {
      backend = "command";
      model = "small";
      command = [
        "my-agent"
        "--json"
      ];
      maxTurns = 3;
      maxTokens = 1000;
      maxCostUsd = 1;
      timeoutSeconds = 60;
      baseUrl = "http://localhost:11434/v1";
      keyEnv = "SOME_KEY";
      api = "responses";
      usdPerMillionInput = 0.5;
      usdPerMillionCached = 0.05;
      usdPerMillionOutput = 2;
    };
    council = {
      maxTurns = 4;
      maxDepth = 2;
      maxMessages = 40;
      maxTokens = 200000;
      maxCostUsd = 2.5;
      timeoutSeconds = 900;
      parallel = 2;
      retries = 0;
    };
    quota = {
      artifacts = 20;
      artifactBytes = 1000;
      artifactsEach = 2;
      artifactBytesEach = 100;
    };
    capabilities = [ "python" ];
    exports."AGENTS.md" = "agents-md";
    checks = [ "pytest" ];
  };
  record = declared.experts.hello-py;
in
removeAttrs record [
  "declaration"
  "identity"
  "freshness"
  "provides"
  "knowledge"
]
// {
  declaration = builtins.attrNames record.declaration;
  provides = builtins.mapAttrs (_: contract: removeAttrs contract [ "hash" ]) record.provides;
  knowledge = removeAttrs record.knowledge [ "path" ];
}
