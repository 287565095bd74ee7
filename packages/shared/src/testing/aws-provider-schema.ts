export type ArgumentKind = "string" | "number" | "bool" | "list" | "map" | "blocks";
type Row = { readonly [Kind in ArgumentKind]?: string };

/**
 * Arguments of the resources that an export writes, by kind; `!`: required. As `terraform providers schema -json` tells them of
 * registry.terraform.io/hashicorp/aws 5.100.0, without what is deprecated or only computed; the same is documented at
 * registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources.
 */
const ROWS = {
  aws_vpc: {
    string: "cidr_block instance_tenancy ipv4_ipam_pool_id ipv6_cidr_block ipv6_cidr_block_network_border_group ipv6_ipam_pool_id",
    number: "ipv4_netmask_length ipv6_netmask_length",
    bool: "assign_generated_ipv6_cidr_block enable_dns_hostnames enable_dns_support enable_network_address_usage_metrics",
    map: "tags tags_all",
  },
  aws_subnet: {
    string: "availability_zone availability_zone_id cidr_block customer_owned_ipv4_pool ipv6_cidr_block outpost_arn private_dns_hostname_type_on_launch vpc_id!",
    number: "enable_lni_at_device_index",
    bool: "assign_ipv6_address_on_creation enable_dns64 enable_resource_name_dns_a_record_on_launch enable_resource_name_dns_aaaa_record_on_launch ipv6_native map_customer_owned_ip_on_launch map_public_ip_on_launch",
    map: "tags tags_all",
    blocks: "timeouts",
  },
  aws_internet_gateway: {
    string: "vpc_id",
    map: "tags tags_all",
    blocks: "timeouts",
  },
  aws_nat_gateway: {
    string: "allocation_id connectivity_type private_ip subnet_id!",
    number: "secondary_private_ip_address_count",
    list: "secondary_allocation_ids secondary_private_ip_addresses",
    map: "tags tags_all",
    blocks: "timeouts",
  },
  aws_eip: {
    string: "address associate_with_private_ip customer_owned_ipv4_pool domain instance ipam_pool_id network_border_group network_interface public_ipv4_pool",
    map: "tags tags_all",
    blocks: "timeouts",
  },
  aws_route_table: {
    string: "vpc_id!",
    list: "propagating_vgws",
    map: "tags tags_all",
    blocks: "route timeouts",
  },
  aws_route: {
    string: "carrier_gateway_id core_network_arn destination_cidr_block destination_ipv6_cidr_block destination_prefix_list_id egress_only_gateway_id gateway_id local_gateway_id nat_gateway_id network_interface_id route_table_id! transit_gateway_id vpc_endpoint_id vpc_peering_connection_id",
    blocks: "timeouts",
  },
  aws_route_table_association: {
    string: "gateway_id route_table_id! subnet_id",
    blocks: "timeouts",
  },
  aws_main_route_table_association: {
    string: "route_table_id! vpc_id!",
    blocks: "timeouts",
  },
  aws_network_acl: {
    string: "vpc_id!",
    list: "subnet_ids",
    map: "tags tags_all",
    blocks: "egress ingress",
  },
  aws_security_group: {
    string: "description name name_prefix vpc_id",
    bool: "revoke_rules_on_delete",
    map: "tags tags_all",
    blocks: "egress ingress timeouts",
  },
  aws_vpc_security_group_ingress_rule: {
    string: "cidr_ipv4 cidr_ipv6 description ip_protocol! prefix_list_id referenced_security_group_id security_group_id!",
    number: "from_port to_port",
    map: "tags",
  },
  aws_vpc_security_group_egress_rule: {
    string: "cidr_ipv4 cidr_ipv6 description ip_protocol! prefix_list_id referenced_security_group_id security_group_id!",
    number: "from_port to_port",
    map: "tags",
  },
  aws_instance: {
    string: "ami availability_zone host_id host_resource_group_arn iam_instance_profile instance_initiated_shutdown_behavior instance_type key_name placement_group private_ip subnet_id tenancy user_data user_data_base64",
    number: "ipv6_address_count placement_partition_number",
    bool: "associate_public_ip_address disable_api_stop disable_api_termination ebs_optimized enable_primary_ipv6 get_password_data hibernation monitoring source_dest_check user_data_replace_on_change",
    list: "ipv6_addresses secondary_private_ips security_groups vpc_security_group_ids",
    map: "tags tags_all volume_tags",
    blocks: "capacity_reservation_specification cpu_options credit_specification ebs_block_device enclave_options ephemeral_block_device instance_market_options launch_template maintenance_options metadata_options network_interface private_dns_name_options root_block_device timeouts",
  },
  aws_vpc_peering_connection: {
    string: "peer_owner_id peer_region peer_vpc_id! vpc_id!",
    bool: "auto_accept",
    map: "tags tags_all",
    blocks: "accepter requester timeouts",
  },
} as const satisfies Readonly<Record<string, Row>>;

export interface ResourceSchema {
  readonly required: ReadonlySet<string>;
  readonly kindOf: ReadonlyMap<string, ArgumentKind>;
}

/** By type of resource. */
export const AWS_SCHEMA: ReadonlyMap<string, ResourceSchema> = new Map(Object.entries<Row>(ROWS).map(([type, row]) => {
  const words = (Object.entries(row) as [ArgumentKind, string][]).flatMap(([kind, names]) => names.split(" ").map((name) => ({ kind, name })));
  return [type, {
    required: new Set(words.filter(({ name }) => name.endsWith("!")).map(({ name }) => name.slice(0, -1))),
    kindOf: new Map(words.map(({ name, kind }) => [name.replace(/!$/, ""), kind])),
  }];
}));

/** Terraform's own, which every resource may have. */
export const META_ARGUMENTS: ReadonlySet<string> = new Set(["depends_on", "count", "for_each", "provider"]);

/** Of several arguments exactly one is given: the resource's documentation says so, its schema does not. */
export const EXACTLY_ONE: Readonly<Record<string, readonly (readonly string[])[]>> = {
  aws_route: [
    ["destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id"],
    [
      "carrier_gateway_id", "core_network_arn", "egress_only_gateway_id", "gateway_id", "nat_gateway_id", "local_gateway_id", "network_interface_id",
      "transit_gateway_id", "vpc_endpoint_id", "vpc_peering_connection_id",
    ],
  ],
  aws_route_table_association: [["subnet_id", "gateway_id"]],
  aws_vpc_security_group_ingress_rule: [["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"]],
  aws_vpc_security_group_egress_rule: [["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"]],
  aws_vpc: [["cidr_block", "ipv4_ipam_pool_id"]],
};

/** Arguments of blocks inside of a resource, as above. */
export const NESTED: Readonly<Record<string, ResourceSchema>> = {
  "aws_network_acl ingress": aclEntry(), "aws_network_acl egress": aclEntry(),
};

function aclEntry(): ResourceSchema {
  const numbers = ["from_port", "to_port", "rule_no", "icmp_code", "icmp_type"].map((name) => [name, "number"] as const);
  const strings = ["action", "protocol", "cidr_block", "ipv6_cidr_block"].map((name) => [name, "string"] as const);
  return { required: new Set(["from_port", "to_port", "rule_no", "action", "protocol"]), kindOf: new Map<string, ArgumentKind>([...numbers, ...strings]) };
}
