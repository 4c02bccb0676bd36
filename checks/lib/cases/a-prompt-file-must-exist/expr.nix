{
  expert,
  fixtures,
  ...
}:
expert { prompt = fixtures + "/expert.md.tera"; }
