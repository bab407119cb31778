import { type Check, differs, unless } from "../check.ts";
import { ask, form, type Stage } from "../stage.ts";

type Theirs = { customer: string; report: string };

/** Ids that exist only in the other shop. */
async function theirs({ rows, own, victim }: Stage): Promise<Theirs> {
  const [customer] = await rows<{ id: string }>(
    `select customer_id as id from orders where shop = $1 and customer_id is not null
     except select customer_id from orders where shop = $2 limit 1`,
    [victim.domain, own.domain],
  );
  const report = "guessed-report";
  await rows(
    `insert into privacy_reports (shop, id, customer_id, requested_at, held)
     values ($1, $2, $3, now(), '{}') on conflict do nothing`,
    [victim.domain, report, customer?.id],
  );
  return { customer: customer?.id ?? "", report };
}

async function guessed(stage: Stage): Promise<string[]> {
  const { customer, report } = await theirs(stage);
  const paths = [
    `/app/customers/${customer}?_data=routes%2Fapp.customers.%24id`,
    `/app/privacy/${report}?_data=routes%2Fapp.privacy.%24id`,
  ];
  const found: string[] = [];
  for (const path of paths) {
    found.push(...unless([404], path, await ask(stage.own, path)));
    for (const intent of ["leave-out", "score-again", "handed-over"]) {
      const sent = await ask(stage.own, path, form({ intent }));
      found.push(...unless([400, 404], `${intent} to ${path}`, sent));
    }
  }
  const list = await ask(stage.own, "/app/privacy?_data=routes%2Fapp.privacy._index");
  if (list.text.includes(report)) found.push("another shop's request is listed");
  const [row] = await stage.rows(
    "select handed_over_at as at from privacy_reports where shop = $1 and id = $2",
    [stage.victim.domain, report],
  );
  found.push(...differs("another shop's request, handed over", row?.at, null));
  await stage.rows("delete from privacy_reports where id = $1", [report]);
  return found;
}

async function nobody(stage: Stage): Promise<string[]> {
  const path = "/app/customers/99999999999999?_data=routes%2Fapp.customers.%24id";
  const found: string[] = [];
  for (const intent of ["leave-out", "score-again"]) {
    found.push(
      ...unless([404], `${intent} to nobody`, await ask(stage.own, path, form({ intent }))),
    );
  }
  const marks = await stage.rows(
    "select 1 from changed_customers where customer_id = '99999999999999'",
  );
  return [...found, ...differs("marks of nobody", marks.length, 0)];
}

export const guesses: Check[] = [
  { holds: "correctly guessed ids of another shop neither show nor change anything", run: guessed },
  { holds: "a customer of another shop can be neither opted out nor scored", run: nobody },
];
