{ expert, ... }:
expert {
  work.milestones = [
    {
      name = "poc";
      nod = true;
    }
    {
      name = "poc";
      nod = true;
    }
  ];
}
