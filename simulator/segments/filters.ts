/** The filters of the segment editor; the first two as recorded. */
type Parameter = { queryName: string; localizedName: string; parameterType: string };

export type SegmentFilter = {
  __typename: string;
  queryName: string;
  localizedName: string;
  multiValue: boolean;
  minRange: null;
  maxRange: null;
  parameters: ReturnType<typeof parameter>[];
  returnValueType: string;
};

function parameter({ queryName, localizedName, parameterType }: Parameter) {
  return {
    queryName,
    localizedName,
    localizedDescription: localizedName,
    parameterType,
    optional: true,
    acceptsMultipleValues: false,
    minRange: null,
    maxRange: null,
  };
}

function filter(kind: string, queryName: string, localizedName: string): SegmentFilter {
  return {
    __typename: `Segment${kind}Filter`,
    queryName,
    localizedName,
    multiValue: kind === "Association",
    minRange: null,
    maxRange: null,
    parameters: [],
    returnValueType: "BOOLEAN",
  };
}

/** Filters of the query language that the simulator implements. */
export const segmentFilters: readonly SegmentFilter[] = [
  filter("Association", "customer_tags", "Customer tags"),
  {
    ...filter("Event", "orders_placed", "Orders placed"),
    parameters: [
      parameter({ queryName: "date", localizedName: "Date", parameterType: "DATE" }),
      parameter({ queryName: "amount", localizedName: "Amount", parameterType: "FLOAT" }),
      parameter({ queryName: "count", localizedName: "Count", parameterType: "INTEGER" }),
    ],
  },
  filter("Date", "abandoned_checkout_date", "Abandoned checkout date"),
  filter("Float", "amount_spent", "Amount spent"),
  filter("Association", "customer_countries", "Countries"),
  filter("Date", "customer_added_date", "Customer added date"),
  filter("String", "customer_email_domain", "Customer email domain"),
  filter("String", "customer_language", "Customer language"),
  filter("Enum", "email_subscription_status", "Email subscription status"),
  filter("Date", "first_order_date", "First order date"),
  filter("Date", "last_order_date", "Last order date"),
  filter("Integer", "number_of_orders", "Number of orders"),
];
