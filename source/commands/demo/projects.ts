/** What the demo pretends to be asked for. */
export const demoProjects = [
  {
    project: 'A rate limiter with a review of its edge cases',
    criteria: 'Correct under load, documented',
  },
  {
    project: 'Release notes and upgrade guide for version 4',
    criteria: 'Complete, readable in five minutes',
  },
  { project: 'Contact data from a folder of letters', criteria: 'Valid JSON, nothing invented' },
  { project: 'A job queue that survives restarts', criteria: 'No job lost or run twice, tested' },
  {
    project: 'Choose a database for the billing service',
    criteria: 'Alternatives weighed, costs stated',
  },
  {
    project: 'A command-line importer for bank statements',
    criteria: 'Clear errors, no dependencies',
  },
] as const;
