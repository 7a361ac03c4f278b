"""Who gets what: every address and every act against every seat."""
