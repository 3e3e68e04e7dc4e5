-- Names of accounts as people type them, whatever their case: nobody takes another's name by a capital letter.
CREATE INDEX app_user_typed ON app_user (lower(username));
