import { useLocation, useNavigate, useNavigation } from "@remix-run/react";

import { type CustomersQuery, listAddress } from "#app/scoring/views/customers-query.ts";

export type ListChanges = Partial<Omit<CustomersQuery, "page">>;

/** Goes to a list with other customers or another order, which is shown from its beginning. */
export function useList(query: CustomersQuery) {
  const navigate = useNavigate();
  const { state, location } = useNavigation();
  const { pathname } = useLocation();
  return {
    /** Another part of the list is being read. */
    loading: state === "loading" && location.pathname === pathname,
    show: (changes: ListChanges, options: { replace?: boolean } = {}) => {
      const address = listAddress({ ...query, ...changes, page: null });
      navigate(address, { preventScrollReset: true, ...options });
    },
  };
}
