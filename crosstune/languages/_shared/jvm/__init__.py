"""Languages that other compilers than javac compile for the Java machine, judged by Java's judging class.

Their compilers are kept running between programs (build.java). The classes of the tests are changed as those
of Java's tests are: `equals` asks both sides, and leaving ends the tests.
"""
