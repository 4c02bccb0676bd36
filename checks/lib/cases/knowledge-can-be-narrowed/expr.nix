{
  expert,
  known,
  fixtures,
  ...
}:
{
  folder = known { include = [ "src" ]; };
  file = known { include = [ "docs/guide.md" ]; };
  glob = known { include = [ "*.md" ]; };
  globAnywhere = known { include = [ "**/*.md" ]; };
  globInside = known { include = [ "src/**/*.rs" ]; };
  questionMark = known { include = [ "src/?.rs" ]; };
  excluded = known {
    include = [
      "src"
      "docs"
    ];
    exclude = [
      "src/deep"
      "**/*.md"
    ];
  };
  everything = known {
    include = [ "." ];
    exclude = [
      "docs"
      "src"
      "tools"
    ];
  };
}
