"use client";

import Link from "next/link";
import { useState, useSyncExternalStore } from "react";
import { useTRPCClient } from "../../trpc/trpc";
import { EntryCard } from "./entry-card";
import { FormField } from "./form-field";
import { NewAccountForm } from "./new-account-form";

const never = () => () => {};
/** Behind the `#`, which browsers keep to themselves: no log has it. */
const invitationOf = (): string => window.location.hash.slice(1);

/** A new account: by an invitation's link, or by the code that an instructor shows. */
export function JoinForm() {
  const client = useTRPCClient();
  const invitation = useSyncExternalStore(never, invitationOf, () => "");
  const [typed, setTyped] = useState("");
  return (
    <EntryCard
      title={invitation ? "You are invited" : "Join a class"}
      text={invitation ? "Choose a name and a password." : "Type the code that your instructor shows, and choose a name and a password."}
      below={<>Got an account? <Link href="/signin" className="text-accent underline">Sign in</Link>; the code goes into your account page.</>}
    >
      <NewAccountForm action="Create account" send={(account) => client.auth.register.mutate({ code: invitation || typed.trim(), ...account })}>
        {(errorOf) => invitation ? null : (
          <FormField label="Code" value={typed} onChange={setTyped} autoComplete="off" autoFocus required placeholder="ABCDE-23456" className="numeric uppercase placeholder:opacity-50" error={errorOf("code")} />
        )}
      </NewAccountForm>
    </EntryCard>
  );
}
