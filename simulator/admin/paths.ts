/** The paths of the frame, the same as in Shopify's admin. */
export type AdminPaths = ReturnType<typeof adminPaths>;

export function adminPaths(handle: string, appHandle: string) {
  const home = `/store/${encodeURIComponent(handle)}`;
  return {
    home,
    app: `${home}/apps/${encodeURIComponent(appHandle)}`,
    orders: `${home}/orders`,
    customers: `${home}/customers`,
    customer: (id: string) => `${home}/customers/${encodeURIComponent(id)}`,
    customerOrders: (id: string) => `${home}/orders?customer=${encodeURIComponent(id)}`,
    customerNames: `${home}/simulation/customers`,
    segments: `${home}/customers/segments`,
    segment: (id: string) => `${home}/customers/segments/${encodeURIComponent(id)}`,
    deleteSegment: (id: string) => `${home}/customers/segments/${encodeURIComponent(id)}/delete`,
    idToken: `${home}/session-token`,
    placeOrder: `${home}/simulation/orders`,
    refundLast: `${home}/simulation/refunds`,
    passTime: `${home}/simulation/clock`,
  };
}
