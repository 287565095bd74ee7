/** What a topology can begin with. Names are stable: the API and its audit log speak of them. */
export const TEMPLATE_NAMES = [
  "empty", "two-vpc", "two-vpc-peered", "public-private-nat", "three-tier", "hub-and-spokes",
  "broken-peering", "broken-nat", "broken-acl", "broken-group",
] as const;
export type TemplateName = (typeof TEMPLATE_NAMES)[number];

export interface Template {
  readonly name: TemplateName;
  readonly group: "start" | "example" | "broken";
  readonly title: string;
  /** What it shows; of a broken one, what to find. Stands in the topology as its note. */
  readonly text: string;
  /** Of a broken one: what mends it. */
  readonly solution?: string;
  /** Upper left corners of VPCs, by name, where a picture says more than rows do. Pixels. */
  readonly places?: Readonly<Record<string, { readonly x: number; readonly y: number }>>;
}

export const TEMPLATES: readonly Template[] = [
  { name: "empty", group: "start", title: "Empty topology", text: "A blank canvas and a palette. Addresses are filled in for you." },
  {
    name: "two-vpc", group: "start", title: "Two-VPC lab",
    text: "Two VPCs with public and private subnets and a web server in each, ready to apply and to peer.",
  },
  {
    name: "two-vpc-peered", group: "start", title: "Two-VPC lab, peered",
    text: "The two-VPC lab with a peering connection: routes on both sides, and default groups that let the peer in.",
  },
  {
    name: "public-private-nat", group: "example", title: "Public and private with NAT",
    text: "A public subnet with a web server and a NAT gateway, and a private one that reaches the internet through it and cannot be reached from there. Ping the internet from both, then look at which address it sees.",
  },
  {
    name: "three-tier", group: "example", title: "Three-tier application",
    text: "Web, application and database tiers, each in its own subnet and security group. Only these ways are open: anybody to web on 8080, web to app on 8000, app to db on 5432. The matrix shows that web never reaches db.",
  },
  {
    name: "hub-and-spokes", group: "example", title: "Hub and spokes",
    text: "A hub VPC with shared services, peered with three spokes. Each spoke reaches the hub; no spoke reaches another one, because a peering is not transitive.",
    places: { blue: { x: 0, y: 0 }, hub: { x: 440, y: 0 }, green: { x: 880, y: 0 }, red: { x: 440, y: 480 } },
  },
  {
    name: "broken-peering", group: "broken", title: "The peer that never answers",
    text: "“office” and “shop” are peered and the peering is active, but a ping from office to shop gets no answer. Find where the packet goes, and where its answer does not.",
    solution: "The route table of “shop” has no route to 10.1.0.0/16. Add one to the peering: routes are needed on both sides.",
  },
  {
    name: "broken-nat", group: "broken", title: "Updates that cannot be fetched",
    text: "The instance in “private” should reach the internet by the NAT gateway. Its route table leads there, and the gateway has an Elastic IP. Still nothing gets out. Find out what the gateway itself lacks.",
    solution: "The NAT gateway stands in the private subnet “nat”, whose route table has no way to the internet. Make that subnet public.",
  },
  {
    name: "broken-acl", group: "broken", title: "The page that does not load",
    text: "The web server in “web” listens on 8080, its security group lets everybody in, and its network ACL allows tcp 8080 both ways. No browser on the internet gets the page. Find what is dropped.",
    solution: "Network ACLs are stateless: answers leave from port 8080 to an ephemeral port of the client. Let the ACL “edge” allow tcp 1024-65535 outbound.",
  },
  {
    name: "broken-group", group: "broken", title: "The database nobody reaches",
    text: "The application in “app” should reach the database in “db” on 5432. Both are in one VPC, and there is a rule that allows it. The connection times out. Find whom the rule really lets in.",
    solution: "The rule of group “db” allows group “app-servers”, in which no instance is; the application is in group “app”. Let the rule name “app”.",
  },
];

export const templateOf = (name: TemplateName): Template => {
  const found = TEMPLATES.find((template) => template.name === name);
  if (!found) throw new Error(`no template ${name}`);
  return found;
};
