;;; Whether a program can be read: the rest is compiled form by form while it runs.
(let ((*read-suppress* t))
  (handler-case
      (with-open-file (in (car (last sb-ext:*posix-argv*)))
        (loop until (eq in (read in nil in))))
    (error (problem)
      (format *error-output* "~A: ~A~%" (type-of problem) problem)
      (sb-ext:exit :code 1 :abort t))))
