import type { TemplateName } from "./template-catalog";

/** Templates as topology files (docs/topology-file.md), without name and note. Those of the tools before are drawn by commands. */
export const TEMPLATE_FILES = {
  empty: {},
  "public-private-nat": {
    vpcs: {
      lab: {
        cidr: "10.0.0.0/16",
        subnets: {
          public: {
            cidr: "10.0.1.0/24", type: "public",
            instances: { main: { webServer: 8080, groups: ["default", "web"] } }, natGateways: { nat: {} },
          },
          private: { cidr: "10.0.2.0/24", routeTable: "outbound" },
        },
        routeTables: { outbound: { "0.0.0.0/0": "nat-gateway nat" } },
        securityGroups: { web: { description: "web server", ingress: ["tcp 8080 from anywhere", "icmp from anywhere"] } },
      },
    },
  },
  "three-tier": {
    vpcs: {
      shop: {
        cidr: "10.0.0.0/16",
        subnets: {
          web: { cidr: "10.0.1.0/24", type: "public", instances: { main: { webServer: 8080, groups: ["web"] }, second: { webServer: 8080, groups: ["web"] } } },
          app: { cidr: "10.0.2.0/24", instances: { main: { webServer: 8000, groups: ["app"] }, second: { webServer: 8000, groups: ["app"] } } },
          db: { cidr: "10.0.3.0/24", instances: { main: { webServer: 5432, groups: ["db"] } } },
        },
        securityGroups: {
          web: { description: "open to everybody", ingress: ["tcp 8080 from anywhere"], egress: ["tcp 8000 to group app"] },
          app: { description: "for the web tier only", ingress: ["tcp 8000 from group web"], egress: ["tcp 5432 to group db"] },
          db: { description: "for the application only", ingress: ["tcp 5432 from group app"], egress: [] },
        },
      },
    },
  },
  "hub-and-spokes": {
    vpcs: {
      hub: { cidr: "10.0.0.0/16", subnets: { shared: { cidr: "10.0.1.0/24", instances: { main: { webServer: 8080 } } } } },
      red: { cidr: "10.1.0.0/16", subnets: { work: { cidr: "10.1.1.0/24" } } },
      green: { cidr: "10.2.0.0/16", subnets: { work: { cidr: "10.2.1.0/24" } } },
      blue: { cidr: "10.3.0.0/16", subnets: { work: { cidr: "10.3.1.0/24" } } },
    },
    peerings: ["hub <-> red", "hub <-> green", "hub <-> blue"],
  },
  "broken-peering": {
    vpcs: {
      office: {
        cidr: "10.1.0.0/16", subnets: { desk: { cidr: "10.1.1.0/24" } },
        routeTables: { main: { "10.2.0.0/16": "peering office-shop" } },
      },
      shop: {
        cidr: "10.2.0.0/16", subnets: { till: { cidr: "10.2.1.0/24", instances: { main: { webServer: 8080 } } } },
        securityGroups: { default: { ingress: ["all from group default", "all from 10.1.0.0/16"] } },
      },
    },
    peerings: [{ between: "office <-> shop", routes: "none" }],
  },
  "broken-nat": {
    vpcs: {
      lab: {
        cidr: "10.0.0.0/16",
        internetGateway: true,
        subnets: {
          public: { cidr: "10.0.1.0/24", type: "public" },
          nat: { cidr: "10.0.2.0/24", instances: {}, natGateways: { nat: {} } },
          private: { cidr: "10.0.3.0/24", routeTable: "outbound" },
        },
        routeTables: { outbound: { "0.0.0.0/0": "nat-gateway nat" } },
      },
    },
  },
  "broken-acl": {
    vpcs: {
      lab: {
        cidr: "10.0.0.0/16",
        subnets: {
          web: { cidr: "10.0.1.0/24", type: "public", networkAcl: "edge", instances: { main: { webServer: 8080, groups: ["web"] } } },
        },
        securityGroups: { web: { description: "web server", ingress: ["tcp 8080 from anywhere"] } },
        networkAcls: { edge: { ingress: ["100 allow tcp 8080 from anywhere"], egress: ["100 allow tcp 8080 to anywhere"] } },
      },
    },
  },
  "broken-group": {
    vpcs: {
      lab: {
        cidr: "10.0.0.0/16",
        subnets: {
          app: { cidr: "10.0.1.0/24", instances: { main: { groups: ["app"] } } },
          db: { cidr: "10.0.2.0/24", instances: { main: { webServer: 5432, groups: ["db"] } } },
        },
        securityGroups: {
          app: { description: "the application" },
          "app-servers": { description: "servers of the application" },
          db: { description: "the database", ingress: ["tcp 5432 from group app-servers"] },
        },
      },
    },
  },
} as const satisfies Partial<Record<TemplateName, unknown>>;
