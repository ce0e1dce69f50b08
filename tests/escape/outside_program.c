/*
 * The program outside that nobody inside may start: its exit status 101 says that it ran.
 */
int main(void)
{
	return 101;
}
