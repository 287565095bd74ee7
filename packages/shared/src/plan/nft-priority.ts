/** nftables priorities by their names in nft(8). Hooks with a lower number see a packet first. */
export const PRIORITY = {
  raw: -300,
  dstnat: -100,
  /** On the host: before other firewalls' filters, which may look at our mark. */
  beforeFilter: -10,
  filter: 0,
  afterFilter: 10,
  last: 20,
  srcnat: 100,
} as const;
