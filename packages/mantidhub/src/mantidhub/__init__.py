"""The server side of MantidHub: isolated notebook sessions for neutron and muon facilities."""
