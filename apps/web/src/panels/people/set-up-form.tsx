"use client";

import { useTRPCClient } from "../../trpc/trpc";
import { EntryCard } from "./entry-card";
import { NewAccountForm } from "./new-account-form";

/** The first start. `token`: of the link that was printed. */
export function SetUpForm({ token }: { readonly token: string }) {
  const client = useTRPCClient();
  return (
    <EntryCard title="Welcome to vpclab" text="Choose the name and the password of the administrator. This page works once; nobody else can open it.">
      <NewAccountForm action="Begin" initialName="admin" send={(account) => client.auth.setUp.mutate({ token, ...account })} />
    </EntryCard>
  );
}
