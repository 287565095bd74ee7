"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleUser, LogOut, UserCog, Users } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTRPC, useTRPCClient } from "../../trpc/trpc";
import { Menu, MenuItem, MenuLabel, MenuSeparator } from "../../ui/menu";
import { ROLE_WORDS } from "./role-words";

/** Who is signed in, and what concerns him. */
export function AccountMenu() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const router = useRouter();
  const { data: me } = useQuery(trpc.auth.me.queryOptions());
  const signOut = async () => {
    await client.auth.signOut.mutate().catch(() => undefined);
    window.location.assign("/signin");
  };
  const icon = "size-4";
  return (
    <Menu
      align="end"
      trigger={<button type="button" aria-label="Account" className="flex size-8 items-center justify-center rounded-box text-muted hover:bg-raised hover:text-text"><CircleUser className={icon} /></button>}
    >
      <MenuLabel>{me ? <><span className="font-medium text-text">{me.name}</span> · {ROLE_WORDS[me.role]}</> : "…"}</MenuLabel>
      <MenuSeparator />
      <MenuItem icon={<UserCog className={icon} />} onSelect={() => router.push("/account")}>Password and sessions</MenuItem>
      {me?.role === "admin" || me?.role === "instructor" ? <MenuItem icon={<Users className={icon} />} onSelect={() => router.push("/people")}>People</MenuItem> : null}
      <MenuSeparator />
      <MenuItem icon={<LogOut className={icon} />} onSelect={() => void signOut()}>Sign out</MenuItem>
    </Menu>
  );
}
